// Duties: who is on duty is kept up to date while the page is open.

"""ANW: duties, rules, planning."""

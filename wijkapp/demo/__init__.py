"""A made-up region to try wijkapp in. Wijken and postcodes are real; no organisation or person is."""

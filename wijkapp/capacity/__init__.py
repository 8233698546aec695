"""Free places per team and product: published, confirmed, faded, taken and given back."""

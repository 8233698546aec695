"""What a region sees of its own working together: figures, fairness, what got stuck, who could take what."""

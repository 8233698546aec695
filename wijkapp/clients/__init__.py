"""What may be known of a client: only under recorded consent, sealed, and destroyed when consent ends."""

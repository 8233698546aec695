"""The sociale kaart: regions, wijken, postcodes, teams, what they offer and whom to call."""

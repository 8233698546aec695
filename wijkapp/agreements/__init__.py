"""What the parties of a wijk agreed; the terms the other rooms run on."""

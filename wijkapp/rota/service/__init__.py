"""What is done with duties: made, published, held, swapped, taken over, checked in, told to others."""

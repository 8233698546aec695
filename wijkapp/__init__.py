"""wijkapp: home-care providers of a wijk publish free capacity and answer care requests together."""

"""What strangers do with certificates: check them with or without a network, one or many at once."""

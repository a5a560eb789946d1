"""The embedded services, tried as a client would try them."""

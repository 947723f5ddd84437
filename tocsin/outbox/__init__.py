"""What leaves the house: compose, post, send, and the transports."""

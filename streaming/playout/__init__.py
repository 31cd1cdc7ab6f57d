"""One stream on air: items prepared, joined into a program, kept from going dark, and watched."""

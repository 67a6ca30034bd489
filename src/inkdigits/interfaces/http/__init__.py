"""The HTTP service: pictures and arrays in, digits out, for programs and for the page."""

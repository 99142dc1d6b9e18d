"""Bookend side by side with nginx, HAProxy, Envoy and Caddy on one machine: `make bench`."""

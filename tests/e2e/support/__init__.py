"""What the whole-program tests share: processes, upstreams, raw HTTP, canaries."""

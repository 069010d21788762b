"""RevCent over HTTP: the wire contract, the client and its errors; importing it loads no HTTP library."""

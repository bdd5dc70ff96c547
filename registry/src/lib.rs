//! The service: writer, log engines, HTTP and command line; the binary syngraph.

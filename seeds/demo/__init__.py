"""The demo town: an invented hub's year, told by taking the real steps through actions from a fixed seed."""

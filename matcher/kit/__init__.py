"""The ground floor: what every area stands on, knowing none of them."""

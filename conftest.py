"""Nearly empty on purpose: fixtures live in the plugin, and beside the tests that use them."""

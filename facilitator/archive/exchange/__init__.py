"""The whole archive as a zip that can be read without this product, and back again."""

"""Django's own commands done another way in tests."""

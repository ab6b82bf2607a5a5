"""The steps that bring a store from one version of its tables to the next."""

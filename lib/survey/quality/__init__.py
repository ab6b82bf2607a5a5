"""What a person should look at before an edition is published: the report, and the checks that it is made of."""

"""What things are: material, stage, form, product code, country, coalition, sector, measure of weight."""

"""The catalogue as data: every row of the matrix and the plan, one file each."""

"""What is done to a database and to the program, on purpose, and what has to hold all the same.

Every fault is a function of a trial: a kind of database, a size, a seed. `make test` tries each a few times, as a
test with a sentence for a name; `make faults` tries each many times and ends with one table.
"""

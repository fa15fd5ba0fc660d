from itertools import product

from am_inspect._seeds import derive_seed


def test_a_seed_repeats_and_every_part_changes_it():
    parts = list(product([0, 1], ["a-v1", "a-v2"], [1, 2], [1, 2]))
    seeds = [derive_seed(*part) for part in parts]
    assert seeds == [derive_seed(*part) for part in parts]
    assert len(set(seeds)) == len(seeds)


def test_parts_do_not_run_into_each_other():
    assert derive_seed(0, "a", 11) != derive_seed(0, "a1", 1)


def test_seeds_fit_a_signed_32_bit_field_and_use_it():
    seeds = [derive_seed(number, "x") for number in range(400)]
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert max(seeds) > 2**30
    assert min(seeds) < 2**30

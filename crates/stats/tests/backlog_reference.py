"""An independent simulation of the queue that src/backlog.rs forecasts: prints the figures its test carries.

Needs numpy only. Nothing here is shared with the Rust: whole columns of paths at a time, numpy's own gamma and triangular.
"""
import numpy as np

PATHS, WEEKS, MINE = 200_000, 104, 20_000
rng = np.random.default_rng(1)


def gamma(mean, variance):
    """Numbers not below nought with these means and variances."""
    mean = np.asarray(mean, dtype=float)
    return rng.gamma(mean**2 / variance, variance / mean)


def run(done_mean, done_relative_variance):
    arriving_mean = gamma(np.full(PATHS, 110.0), 400.0 / 26)
    spread = 400.0 / 110.0**2
    queue = np.full(PATHS, 1200.0)
    cleared = np.zeros(PATHS, dtype=bool)
    seen = {}
    for week in range(1, WEEKS + 1):
        arriving = gamma(arriving_mean, spread * arriving_mean**2)
        done = done_mean * gamma(np.ones(PATHS), done_relative_variance)
        queue = np.maximum(0.0, queue * (1 - 0.003) + arriving - done)
        cleared |= queue < 0.5
        if week in (26, 104):
            seen[week] = queue.copy()
    for week, queues in seen.items():
        row = []
        for q in (0.1, 0.5, 0.9):
            low, high = np.quantile(queues, [q - 0.005, q + 0.005])
            error = np.sqrt(q * (1 - q)) * (1 / MINE + 1 / PATHS) ** 0.5 * (high - low) / 0.01
            row += [round(float(np.quantile(queues, q)), 2), round(float(4 * error), 2)]
        print(week, row)
    share = cleared.mean()
    print("cleared", round(float(share), 5), round(float(4 * (share * (1 - share) * (1 / MINE + 1 / PATHS)) ** 0.5), 5))


print("at pace")
run(gamma(np.full(PATHS, 118.0), 500.0 / 26), 500.0 / 118.0**2)
print("30 posts")
each = rng.triangular(0.55, 0.62, 0.7, PATHS) * 29.76 / rng.triangular(3.0, 4.0, 6.0, PATHS)
run(30 * each, 0.02)

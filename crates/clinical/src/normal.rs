//! The standard normal distribution: the share below a z-score, and back.

/// The share of a population that lies below `z`, in percent.
pub(crate) fn percentile(z: f64) -> f64 {
    50.0 * libm::erfc(-z / core::f64::consts::SQRT_2)
}

/// The z-score below which so many percent lie; by halving, to the last bits of a double. `percent` lies between 0 and 100.
pub(crate) fn z(percent: f64) -> f64 {
    let (mut low, mut high) = (-9.0, 9.0);
    for _ in 0..64 {
        let middle = f64::midpoint(low, high);
        if percentile(middle) < percent { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The area under the normal curve from 0 to z, as Python's `statistics.NormalDist` has it.
    #[test]
    fn the_shares_are_those_of_another_implementation() {
        for (z, area) in [(0.0, 0.0), (0.5, 0.19146), (1.0, 0.34134), (1.88, 0.46995), (2.0, 0.47725), (3.0, 0.49865)] {
            assert!((percentile(z) / 100.0 - 0.5 - area).abs() < 0.000_005, "above the middle at {z}");
            assert!((0.5 - percentile(-z) / 100.0 - area).abs() < 0.000_005, "and below it");
        }
    }

    #[test]
    fn there_and_back_is_the_same() {
        for percent in [0.135, 3.0, 15.0, 50.0, 85.0, 97.0, 99.865] {
            assert!((percentile(z(percent)) - percent).abs() < 1e-9, "{percent}");
        }
    }
}

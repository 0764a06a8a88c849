#pragma once

#include <vector>

namespace studio::engine {

/// The noise levels a network was trained with: sigma(t) for t = 0, 1, …, ascending. Without arguments those of
/// SD 1.x, 2.x and XL: 1000 steps, beta "scaled linear" from 0.00085 to 0.012 (Rombach et al. 2022).
class TrainingSigmas {
 public:
  explicit TrainingSigmas(double betaStart = 0.00085, double betaEnd = 0.012, int timesteps = 1000);

  /// The same levels moved until the last one is pure noise, as networks with zero terminal SNR were trained
  /// (Lin et al. 2023, arXiv 2305.08891, algorithm 1). The last signal is what A1111 and ComfyUI leave of it, so that
  /// its sigma, about 4519, is a number.
  static TrainingSigmas withZeroTerminalSnr();

  /// Of networks trained with any sigma between two (Karras et al. 2022, section 5 and appendix B): a thousand levels
  /// even in log sigma, as ComfyUI lays them. `dataDeviation` is that of the latents, sigma_data there.
  static TrainingSigmas edm(double smallest, double largest, double dataDeviation);

  /// Only the levels of the timesteps 19, 39, …, 999, numbered from 0: all that LCM networks learnt.
  TrainingSigmas everyTwentieth() const;

  bool isEdm() const { return edm_; }
  double dataDeviation() const { return dataDeviation_; }
  /// What the network is told of a sigma: its timestep, or a quarter of its logarithm (there table 1, c_noise).
  double networkTime(double sigma) const;

  /// As programs had them that kept alpha bar in fp16. `all`: what is reckoned from it is rounded at each step too, as
  /// k-diffusion did on a card; else only alpha bar is.
  void roundToHalf(bool all);

  const std::vector<double>& values() const { return sigmas_; }
  double smallest() const { return sigmas_.front(); }
  double largest() const { return sigmas_.back(); }

  /// Between whole timesteps log sigma is linear; outside the table the ends are returned.
  double sigmaAt(double timestep) const;
  double timestepAt(double sigma) const;

 private:
  void setKeptSignals(const std::vector<double>& keptSignals);

  std::vector<double> sigmas_;
  std::vector<double> logSigmas_;
  bool edm_ = false;
  double dataDeviation_ = 1;
};

}  // namespace studio::engine

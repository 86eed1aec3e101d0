#pragma once
// Attention that is taught where to look.

#include <torch/types.h>

namespace weft {

/// Chen, Matusov, Khadivi and Peter 2016, Guided Alignment Training for Topic-Aware Neural Machine
/// Translation (arXiv:1607.01628), equations 4 and 5, with the cross-entropy; Liu et al. 2016,
/// Neural Machine Translation with Supervised Attention (C16-1291), found it the best of several
/// losses; Garg et al. 2019 (D19-1453), section 4.2, guide one head with it.
///   L = - Σ_b Σ_i Σ_j g_bij log α_bij
/// `attention` α [B, T, S], each row a distribution; `guidance` g [B, T, S], rows that sum to 1 at
/// most, to 0 where nothing is taught (see data/soft_links.h). A weight below 1e-12 counts as that
/// and is not pulled up: a local window cannot reach every annotation.
torch::Tensor guided_alignment_loss(const torch::Tensor& attention, const torch::Tensor& guidance);

}  // namespace weft

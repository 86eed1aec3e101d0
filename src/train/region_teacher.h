#pragma once
// Gold regions as a teacher of attention to pictures and sound.

#include <memory>
#include <string>

#include "data/corpus.h"
#include "train/link_teacher.h"

namespace weft {

/// Supervised attention of Liu, Mao, Sha and Yuille 2017, Attention Correctness in Neural Image
/// Captioning (arXiv:1605.09553): a phrase of the target is linked to each place of the item by the
/// part of that place which the phrase's boxes cover (data/soft_links.h). Stretches of text that
/// several phrases share look at the boxes of all. An item, or a target, that the file does not
/// have teaches nothing. Throws UserError with file and line for what is wrong in the file, and,
/// when links are asked for, for a picture whose annotations are no grid.
std::unique_ptr<LinkTeacher> teach_by_regions(const std::string& path,
                                              const ParallelCorpus& corpus);

}  // namespace weft

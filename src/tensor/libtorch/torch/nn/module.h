#pragma once
#include <torch/types.h>

#include "tensor/module.h"

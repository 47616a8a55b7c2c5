#pragma once

#include <ordain/rule.hpp>

namespace ordain::rules {

#define ORDAIN_RULE(name) extern const Rule name;
#include "rules/rules.def"
#undef ORDAIN_RULE

} // namespace ordain::rules

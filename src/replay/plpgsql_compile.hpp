#pragma once

#include "replay/step.hpp"

#include <ordain/action.hpp>

namespace ordain::replay {

/// What a server does with a DO block before it runs any of it, and with a function before it
/// exists (pl_comp.c): every type and every condition is looked up in the order of the text, up to
/// where the parser found a fault, which then refuses. The step is refused, or doubted where a type
/// may be missing.
void compile(Step& step, const Do& block);
void compile(Step& step, const CreateFunction& function);

} // namespace ordain::replay

#include "parse/relocate.hpp"

#include "parse/identifiers.hpp"

namespace ordain::parse {

void move_to(Statement& statement, Span place) {
    statement.span = place;
    if (statement.fault) statement.fault->span = place;
    for (Action& action : statement.actions) {
        action.span = place;
        for (Mention& mention : action.mentions)
            mention.span = place;
        // The places within a body are those of its own text.
        if (auto* function = std::get_if<CreateFunction>(&action.payload)) function->block.reset();
        if (auto* block = std::get_if<Do>(&action.payload)) {
            block->block.reset();
            if (block->body_fault) block->body_fault->span = place;
        }
        for_each_span(action, [place](Span& span) { span = place; });
    }
}

} // namespace ordain::parse

#include <ordain/plan.hpp>

namespace ordain {

std::string_view name_of(Wrapping wrapping) {
    switch (wrapping) {
    case Wrapping::explicit_block: return "explicit";
    case Wrapping::implicit_block: return "implicit";
    case Wrapping::each_statement: return "statement";
    case Wrapping::all_migrations: return "all";
    case Wrapping::script: return "script";
    }
    return "script";
}

} // namespace ordain

#pragma once

#include "parse/plpgsql_source.hpp"

#include <ordain/action.hpp>
#include <string_view>

namespace ordain::parse {

/// What RETURN may be in a body (pl_gram.y, make_return_stmt and its like).
struct PlpgsqlReturn {
    bool set = false;     ///< RETURN NEXT and RETURN QUERY are there.
    bool outputs = false; ///< Variables hold what RETURN NEXT adds.
    std::string_view sqlstate = {};
    std::string_view no_value = {}; ///< Why RETURN takes no value; empty when it takes one.
};

/// A DO block returns nothing. Around it are the label inline_code_block and FOUND.
PlpgsqlReturn surround_block(PlpgsqlScope& scope);

/// Around a function's body are its name as a label, its parameters, what a trigger knows, and
/// FOUND (pl_comp.c, do_compile). Two parameters of one name are refused.
PlpgsqlReturn
surround_function(PlpgsqlSource& source, PlpgsqlScope& scope, const CreateFunction& function);

} // namespace ordain::parse

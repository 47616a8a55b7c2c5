#include "report/secrets.hpp"

#include <re2/re2.h>

namespace ordain::report {

std::string without_secrets(std::string text) {
    // A quote in a JSON report is escaped; in SQL it is doubled.
    static const re2::RE2 quoted(
        R"((?i)(\bpassword\s*[:=]?\s*\\?["'])(?:[^"'\\]|''|\\\\)+(\\?["']))");
    static const re2::RE2 dollar(R"((?i)(\bpassword\s*[:=]?\s*\$\w*\$).*?(\$\w*\$))");
    static const re2::RE2 bare(R"((?i)(\bpassword=)[^\s"'&\\]+)");
    static const re2::RE2 url(R"((\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s:/@"']*:)[^\s/@"']+(@))");
    re2::RE2::GlobalReplace(&text, quoted, R"(\1***\2)");
    re2::RE2::GlobalReplace(&text, dollar, R"(\1***\2)");
    re2::RE2::GlobalReplace(&text, bare, R"(\1***)");
    re2::RE2::GlobalReplace(&text, url, R"(\1***\2)");
    return text;
}

} // namespace ordain::report

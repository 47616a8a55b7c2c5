#pragma once

namespace ordain {

/// A visitor made of lambdas, for std::visit.
template <typename... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <typename... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

} // namespace ordain

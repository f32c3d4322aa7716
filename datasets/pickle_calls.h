// The names that a pickle may ask for, and what each means here. Python would import and call them.
#pragma once

#include <string>
#include <string_view>

#include "datasets/pickle.h"

namespace weir {

// Throws kData "refused: the pickle asks to call os.system" unless `name` ("module.name") is one of
//   numpy.core.multiarray._reconstruct, numpy._core.multiarray._reconstruct, numpy.ndarray,
//   numpy.dtype, _codecs.encode.
void check_pickle_name(std::string_view name, const std::string& where);

// What `function(*arguments)` gives: an empty array, a dtype, or the bytes of a latin-1 str.
PickleValue call_pickle_function(const PickleValue& function, const PickleValue& arguments,
                                 PickleDocument& document, const std::string& where);

// object.__setstate__(state) for arrays and dtypes.
void set_pickle_state(PickleValue& object, const PickleValue& state, const std::string& where);

}  // namespace weir

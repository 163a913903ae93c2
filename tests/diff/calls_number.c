/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "driver.h"
const struct call calls_number[] = { END_OF_CALLS };

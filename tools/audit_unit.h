/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp audit --unit. */
#ifndef PRIVTMP_AUDIT_UNIT_H
#define PRIVTMP_AUDIT_UNIT_H

#include "options.h"

/*
 * Prints a drop-in by which the service that OPTIONS name is audited from its start to its
 * end. Returns the exit status, after a report where it is not 0.
 */
int audit_unit(const struct options *options);

#endif

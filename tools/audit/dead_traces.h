/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Traces that audits have left which were killed. */
#ifndef PRIVTMP_AUDIT_DEAD_TRACES_H
#define PRIVTMP_AUDIT_DEAD_TRACES_H

/*
 * Removes those of the caller's own, with their directories: where an audit makes its own, and
 * where none that lives has a lock on them.
 */
void dead_traces_remove(void);

#endif

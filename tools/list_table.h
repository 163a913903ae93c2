/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table that privtmp list shows, as wide as the terminal is. */
#ifndef PRIVTMP_LIST_TABLE_H
#define PRIVTMP_LIST_TABLE_H

#include "sessions.h"

/*
 * Takes the width from the terminal, or COLUMNS; writes the table's head. ROWS: as many
 * lines as there may be in all; 0: any number.
 */
void list_table_begin(int rows);

/* Writes a session's line, and one for each of its members. */
void list_table_put(const struct found *f);

/* Says what there was no row for. */
void list_table_end(void);

/* How many members it has. */
unsigned list_members(const struct found *f);

#endif

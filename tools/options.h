/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Options: one table for all subcommands, from which the parser, --help and
 * the completions are made.
 */
#ifndef PRIVTMP_OPTIONS_H
#define PRIVTMP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "policy/policy.h"

enum {
	OPTIONS_LIST = 8192, /* bytes of a colon list */
	OPTIONS_ENVS = 64,   /* variables */
};

struct command;

/* By which door run and enter let a command in. */
enum backend { BACKEND_AUTO, BACKEND_PRELOAD, BACKEND_MOUNT };

struct options {
	const struct command *command;
	/* The environment's settings with those of the options over them. */
	struct settings settings;
	const char *format; /* "text", "json", or what else the subcommand has */
	bool json;
	bool verbose;
	bool dry_run;
	bool force;
	bool watch;
	const char *sort; /* a word of --sort; NULL: not said */
	bool all;
	bool own;
	bool inherit_tty;
	enum backend backend;
	int timeout; /* seconds; 0: not said */
	unsigned envs;
	const char *env[OPTIONS_ENVS]; /* "NAME" or "NAME=VALUE" */
	const char *output;	       /* where a report goes; NULL: standard output */
	bool redirect;
	const char *trace, *read; /* files */
	const char *unit;
	const char *attack;   /* NULL: none; "": all; else one */
	const char *fail_on;  /* a severity */
	const char *baseline; /* a file */
	const char *suppress; /* a file */
	bool install;
	bool user;
	bool remove;	     /* or undo */
	const char *argv0;   /* what the command is to be called; NULL: its name */
	const char *program; /* whose sections apply; NULL: none known */
	/* What lists of settings point to when options have added to them. */
	char list[SETTING_LISTS][OPTIONS_LIST];
};

/* A row of the table of options. */
struct option_row {
	const char *name;
	int value; /* printable: a short option too */
	unsigned group;
	const char *argument; /* NULL: takes none; "a|b": one of these words */
	const char *help;
};

/* Whether the argument is one of the words by which ROW names it. */
static inline bool option_words(const struct option_row *row)
{
	return row->argument && strchr(row->argument, '|');
}

typedef int command_fn(const struct options *options, int argc, char **argv);

/* A subcommand. */
struct command {
	const char *name;
	const char *operands; /* "COMMAND [ARG]..." */
	const char *summary;
	unsigned options; /* OPTION_*: which ones it knows */
	int usage_status; /* the exit status for a wrong option */
	bool in_order;	  /* options end at the first operand */
	command_fn *main;
};

/* Groups of options: a subcommand knows one or more of them. */
enum {
	OPTION_SESSION = 1, /* a session's policy */
	OPTION_RUN = 2,
	OPTION_WHERE = 4, /* where to look for sessions */
	OPTION_FORMAT = 8,
	OPTION_SWEEP = 16,
	OPTION_VERBOSE = 32,
	OPTION_PROGRAM = 256, /* a program other than this */
	OPTION_ALONE = 512,   /* not the environment's settings */
	OPTION_UNIT = 1024,
	OPTION_WRAP = 2048,
	OPTION_TIME = 4096,
	OPTION_ENTER = 8192,
	OPTION_COMMON = 64,  /* --help, --version */
	OPTION_USER = 32768, /* units of the user's, too */
	OPTION_AUDIT = 524288,
	OPTION_REPORT = 65536, /* what is found, and how it is written down */
	OPTION_CHECK = 131072,
	OPTION_LIST = 262144, /* how list shows them */
	OPTION_OPTIONAL =
		16384, /* no group: the argument may be left out, or follows a "=" */
};

/*
 * Takes the options off ARGV (whose first element is the subcommand's name). OUT is all zero
 * before: it is large, and to write to all of it costs a page fault for each page.
 * Returns the index of the first operand, or -1 when COMMAND has been dealt
 * with: *STATUS is then the exit status.
 */
int options_parse(const struct command *command, int argc, char **argv,
		  struct options *out, int *status);

/* The next option that COMMAND knows behind ROW (NULL: the first), or NULL. */
const struct option_row *options_next(const struct command *command,
				      const struct option_row *row);

/* Writes the help for COMMAND to standard output. */
void options_help(const struct command *command);

/* "privtmp: OPTION: WHAT; REMEDY" for a wrong use of COMMAND. */
void options_complain(const struct command *command, const char *option,
		      const char *what);

/*
 * The one of the N words that GIVEN is a mistyped form of, or NULL: by WORD(ARG, i), which
 * may return NULL for none.
 */
const char *options_guess(const char *given,
			  const char *(*word)(const void *arg, size_t i), const void *arg,
			  size_t n);

/* Flushes standard output; returns STATUS, or 1 when it could not be written. */
int options_written(int status);

#endif

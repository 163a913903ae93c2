/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Completes command lines; see completion.h. Generated from the tables of subcommands
 * and options, whose texts contain no quotes.
 */
#include "completion.h"
#include "core/report.h"
#include "tool.h"

#include <stdio.h>
#include <string.h>

static bool takes_directory(const struct option_row *row)
{
	return row->argument && !strcmp(row->argument, "DIR");
}

/* What is no word, file or unit, like a number, is not completed. */
static bool takes_file(const struct option_row *row)
{
	return row->argument &&
	       (!strcmp(row->argument, "FILE") || !strcmp(row->argument, "PATTERN"));
}

static bool names_unit(const struct option_row *row)
{
	return row->argument && !strcmp(row->argument, "UNIT");
}

/* Whether the operands are a command with its arguments, after *SKIP others. */
static bool takes_command(const struct command *command, int *skip)
{
	*skip = strncmp(command->operands, "SESSION", 7) ? 0 : 1;
	return strstr(command->operands, "COMMAND") != NULL;
}

static bool takes_files(const struct command *command)
{
	return strstr(command->operands, "FILE") || strstr(command->operands, "PATH");
}

static bool takes_unit(const struct command *command)
{
	return strstr(command->operands, "UNIT") != NULL;
}

/* Writes "a|b" as "a b". */
static void put_words(const char *words)
{
	for (; *words; words++)
		putchar(*words == '|' ? ' ' : *words);
}

static bool is_optional(const struct option_row *row)
{
	return row->group & OPTION_OPTIONAL;
}

/* Whether the next word is the option's argument. An optional argument follows "=". */
static bool takes_word(const struct option_row *row)
{
	return row->argument && !is_optional(row);
}

/* The names of all subcommands, which "help" takes. */
static void put_names(const struct command *commands, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%s%s", i ? " " : "", commands[i].name);
}

/* -- bash -- */

/* $prev$equals is "--option", or "--option=" where that is how the argument begins. */
static void bash_arguments(const struct command *command)
{
	const struct option_row *row = NULL;

	puts("\t\tcase $prev$equals in");
	while ((row = options_next(command, row))) {
		if (!takes_word(row) && !option_words(row))
			continue;
		fputs("\t\t", stdout);
		if (!is_optional(row))
			printf("--%s | ", row->name);
		printf("--%s=) ", row->name);
		if (option_words(row)) {
			fputs("_privtmp_value -W '", stdout);
			put_words(row->argument);
			fputs("'; ", stdout);
		} else if (names_unit(row)) {
			fputs("_privtmp_value -W \"$(privtmp --complete units 2>/dev/null)\"; ",
			      stdout);
		} else if (takes_directory(row) || takes_file(row)) {
			fputs(takes_directory(row) ? "_privtmp_value -d; " :
						     "_privtmp_value -f; ",
			      stdout);
		}
		puts("return ;;");
	}
	puts("\t\t--*=) return ;;\n"
	     "\t\tesac");
}

static void bash_command(const struct command *command)
{
	const struct option_row *row = NULL;
	int skip;

	printf("\t%s)\n", command->name);
	bash_arguments(command);
	fputs("\t\twords='", stdout);
	while ((row = options_next(command, row)))
		printf("%s--%s", row == options_next(command, NULL) ? "" : " ",
		       row->name);
	puts("'");
	fputs("\t\targuments=' ", stdout);
	row = NULL;
	while ((row = options_next(command, row)))
		if (takes_word(row))
			printf("--%s ", row->name);
	puts("'");
	if (takes_command(command, &skip))
		puts("\t\tcommand=yes");
	if (skip)
		puts("\t\tsessions=yes");
	if (takes_unit(command))
		puts("\t\tunits=yes");
	printf("\t\tfiles=%s ;;\n", takes_files(command) ? "yes" : "");
}

static void bash(const struct command *commands, size_t n)
{
	puts("# _privtmp_value ARG...: of what compgen offers, an option's argument.\n"
	     "_privtmp_value() {\n"
	     "\tCOMPREPLY=($(compgen -P \"$before\" \"$@\" -- \"$cur\"))\n"
	     "}\n"
	     "_privtmp() {\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	     "\tlocal words= arguments= command= sessions= units= files= operands=0 i\n"
	     "\tlocal equals= before=\n"
	     "\tCOMPREPLY=()\n"
	     "\tif ((COMP_CWORD == 1)); then");
	fputs("\t\tCOMPREPLY=($(compgen -W '", stdout);
	put_names(commands, n);
	puts(" help version --help --version --completion' -- \"$cur\"))\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\t# --option=x is one word or, if COMP_WORDBREAKS has a =, three.\n"
	     "\tif [[ $cur == --*=* ]]; then\n"
	     "\t\tequals== before=${cur%%=*}= prev=${cur%%=*} cur=${cur#*=}\n"
	     "\telif [[ $cur == = ]]; then\n"
	     "\t\tequals== cur=\n"
	     "\telif [[ $prev == = ]]; then\n"
	     "\t\tequals== prev=${COMP_WORDS[COMP_CWORD-2]}\n"
	     "\tfi\n"
	     "\tcase ${COMP_WORDS[1]} in\n"
	     "\t--completion)\n"
	     "\t\tCOMPREPLY=($(compgen -W 'bash zsh fish' -- \"$cur\"))\n"
	     "\t\treturn ;;\n"
	     "\tversion | --version)\n"
	     "\t\tCOMPREPLY=($(compgen -W --verbose -- \"$cur\"))\n"
	     "\t\treturn ;;\n"
	     "\thelp)");
	fputs("\t\t((COMP_CWORD > 2)) || COMPREPLY=($(compgen -W '", stdout);
	put_names(commands, n);
	puts("' -- \"$cur\"))\n"
	     "\t\treturn ;;");
	for (size_t i = 0; i < n; i++)
		bash_command(&commands[i]);
	puts("\tesac\n"
	     "\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
	     "\t\tif [[ ${COMP_WORDS[i]} != [-=]* && ${COMP_WORDS[i-1]} != = && "
	     "$arguments != *\" ${COMP_WORDS[i-1]} \"* ]]; then\n"
	     "\t\t\t((operands++))\n"
	     "\t\tfi\n"
	     "\tdone\n"
	     "\tif [[ $units ]]; then\n"
	     "\t\tunits=units\n"
	     "\t\tif [[ \" ${COMP_WORDS[*]} \" == *' --user '* ]]; then\n"
	     "\t\t\tunits=user-units\n"
	     "\t\tfi\n"
	     "\tfi\n"
	     "\tif [[ $cur == -* ]]; then\n"
	     "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	     "\telif [[ $sessions && $operands == 0 ]]; then\n"
	     "\t\tCOMPREPLY=($(compgen -W "
	     "\"$(privtmp --complete sessions 2>/dev/null)\" -- \"$cur\"))\n"
	     "\telif [[ $units ]]; then\n"
	     "\t\tCOMPREPLY=($(compgen -W "
	     "\"$(privtmp --complete $units 2>/dev/null)\" -- \"$cur\"))\n"
	     "\t\tif [[ $command ]]; then\n"
	     "\t\t\tCOMPREPLY+=($(compgen -c -- \"$cur\"))\n"
	     "\t\tfi\n"
	     "\telif [[ $command ]]; then\n"
	     "\t\tCOMPREPLY=($(compgen -c -- \"$cur\") $(compgen -f -- \"$cur\"))\n"
	     "\telif [[ $files ]]; then\n"
	     "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
	     "\tfi\n"
	     "}\n"
	     "complete -o filenames -F _privtmp privtmp");
}

/* -- zsh -- */

/* Escapes for single quotes and brackets: "[", "]" and ":" are special for _arguments. */
static void zsh_text(const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void zsh_command(const struct command *command)
{
	const struct option_row *row = NULL;
	int skip;

	printf("\t%s)\n\t\t_arguments -S", command->name);
	while ((row = options_next(command, row))) {
		printf(" \\\n\t\t\t'*--%s%s[", row->name,
		       is_optional(row) ? "=-" :
		       row->argument	? "=" :
					  "");
		zsh_text(row->help);
		putchar(']');
		if (option_words(row)) {
			printf("%s:word:(", is_optional(row) ? ":" : "");
			put_words(row->argument);
			putchar(')');
		} else if (is_optional(row)) {
			fputs("::value: ", stdout);
		} else if (takes_word(row)) {
			fputs(takes_directory(row) ?
				      ":directory:_files -/" :
			      takes_file(row) ?
				      ":file:_files" :
			      names_unit(row) ?
				      ":unit:{compadd -- $(privtmp --complete units)}" :
				      ":value: ",
			      stdout);
		}
		putchar('\'');
	}
	if (takes_unit(command))
		fputs(" \\\n\t\t\t'*:unit:{compadd -- $(privtmp --complete "
		      "${words[(r)--user]:+user-}units)}'",
		      stdout);
	else if (takes_command(command, &skip))
		printf("%s \\\n\t\t\t'*::command:_normal'",
		       skip ? " \\\n\t\t\t'1:session:{compadd -- $(privtmp --complete sessions)}'" :
			      "");
	else if (takes_files(command))
		fputs(" \\\n\t\t\t'*:file:_files'", stdout);
	puts(" ;;");
}

static void zsh(const struct command *commands, size_t n)
{
	puts("_privtmp() {\n"
	     "\tlocal -a commands=(");
	for (size_t i = 0; i < n; i++)
		printf("\t\t'%s:%s'\n", commands[i].name, commands[i].summary);
	puts("\t) words_too=(\n"
	     "\t\t'help:show the options of a subcommand'\n"
	     "\t\t'version:show the version'\n"
	     "\t)\n"
	     "\tif ((CURRENT == 2)) && [[ $PREFIX == -* ]]; then\n"
	     "\t\tcompadd -- --help --version --completion\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\tif ((CURRENT == 2)); then\n"
	     "\t\t_describe subcommand commands -- words_too\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\tshift words\n"
	     "\t((CURRENT--))\n"
	     "\tcase $words[1] in\n"
	     "\thelp)\n"
	     "\t\t((CURRENT > 2)) || _describe subcommand commands ;;\n"
	     "\t--completion)\n"
	     "\t\t((CURRENT > 2)) || compadd -- bash zsh fish ;;\n"
	     "\tversion)\n"
	     "\t\t_arguments '--verbose[say which functions are covered]' ;;");
	for (size_t i = 0; i < n; i++)
		zsh_command(&commands[i]);
	puts("\tesac\n}");
}

/* -- fish -- */

static void fish_command(const struct command *command)
{
	const struct option_row *row = NULL;
	int skip;

	printf("complete -c privtmp -n __fish_use_subcommand -a %s -d '%s'\n",
	       command->name, command->summary);
	while ((row = options_next(command, row))) {
		printf("complete -c privtmp -n '__fish_seen_subcommand_from %s' "
		       "-l %s -d '%s'",
		       command->name, row->name, row->help);
		if (row->value < 256)
			printf(" -s %c", row->value);
		if (option_words(row)) {
			printf(" %s-a '", is_optional(row) ? "-f " : "-x ");
			put_words(row->argument);
			putchar('\'');
		} else if (takes_word(row)) {
			fputs(takes_directory(row) ?
				      " -x -a '(__fish_complete_directories)'" :
			      takes_file(row) ? " -r -F" :
			      names_unit(row) ? " -x -a '(privtmp --complete units)'" :
						" -x",
			      stdout);
		}
		putchar('\n');
	}
	if (takes_unit(command))
		printf("complete -c privtmp -n '__fish_seen_subcommand_from %s' "
		       "-x -a '(privtmp --complete (__fish_contains_opt user; "
		       "and echo user-units; or echo units))'\n",
		       command->name);
	if (takes_command(command, &skip) && skip)
		printf("complete -c privtmp -n '__fish_seen_subcommand_from %s' "
		       "-x -a '(privtmp --complete sessions)'\n",
		       command->name);
	if (takes_command(command, &skip) && !takes_unit(command))
		printf("complete -c privtmp -n '__fish_seen_subcommand_from %s' "
		       "-x -a '(__fish_complete_subcommand --fcs-skip=%d)'\n",
		       command->name, 2 + skip);
	else if (takes_files(command))
		printf("complete -c privtmp -n '__fish_seen_subcommand_from %s' "
		       "-F\n",
		       command->name);
}

static void fish(const struct command *commands, size_t n)
{
	puts("complete -c privtmp -f");
	puts("complete -c privtmp -n __fish_use_subcommand -a help "
	     "-d 'show the options of a subcommand'\n"
	     "complete -c privtmp -n __fish_use_subcommand -a version "
	     "-d 'show the version'\n"
	     "complete -c privtmp -n __fish_use_subcommand -l help\n"
	     "complete -c privtmp -n __fish_use_subcommand -l version\n"
	     "complete -c privtmp -n __fish_use_subcommand -l completion "
	     "-x -a 'bash zsh fish'\n"
	     "complete -c privtmp -n '__fish_seen_subcommand_from version' -l verbose "
	     "-d 'say which functions are covered'");
	fputs("complete -c privtmp -n '__fish_seen_subcommand_from help' -a '", stdout);
	put_names(commands, n);
	puts("'");
	for (size_t i = 0; i < n; i++)
		fish_command(&commands[i]);
}

int completion(const struct command *commands, size_t n, const char *shell)
{
	if (!strcmp(shell, "bash")) {
		bash(commands, n);
	} else if (!strcmp(shell, "zsh")) {
		zsh(commands, n);
	} else if (!strcmp(shell, "fish")) {
		fish(commands, n);
	} else {
		report(*shell ? shell : "--completion", "unknown shell", 0,
		       "use bash, zsh or fish");
		return STATUS_USAGE;
	}
	return options_written(0);
}

# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# bison, flex and m4, from and to /tmp. m4 spills its diversions there.
set -eu
cat > /tmp/calc.y << 'END'
%{
#include <stdio.h>
int yylex(void); void yyerror(const char *s) { puts(s); }
%}
%token NUM
%left '+'
%left '*'
%%
line: expr { printf("%d\n", $1); } ;
expr: NUM | expr '+' expr { $$ = $1 + $3; } | expr '*' expr { $$ = $1 * $3; } ;
END
cat > /tmp/calc.l << 'END'
%option noyywrap nounput noinput
%{
#include "calc.tab.h"
#include <stdlib.h>
%}
%%
[0-9]+ { yylval = atoi(yytext); return NUM; }
[ \n] ;
. return *yytext;
%%
int yyparse(void);
int main(void) { return yyparse(); }
END
cd /tmp
bison -d -v calc.y && flex calc.l && ls
gcc -w -o calc calc.tab.c lex.yy.c && echo '2 + 3 * 4' | ./calc
grep -c '#line' calc.tab.c
grep -m1 -o '"calc.tab.h"' lex.yy.c
printf '%%%%\nx: y ;\n' > bad.y
bison /tmp/bad.y || echo "status $?"
# More than half a megabyte held back: m4 moves it to a file.
awk 'BEGIN {
	print "divert(1)dnl"; for (i = 0; i < 30000; i++) print "line number " i " of the first"
	print "divert(2)dnl"; for (i = 0; i < 30000; i++) print "line number " i " of the second"
	print "divert(0)dnl"; print "undivert(2)undivert(1)" }' > big.m4
m4 big.m4 | md5sum
echo 'mkstemp(/tmp/m4XXXXXX)' | m4 | sed -E 's/[A-Za-z0-9]{6}$/RANDOM/'
echo 'hello' > inc
echo 'include(/tmp/inc)syscmd(cat /tmp/inc)esyscmd(pwd)sinclude(/tmp/absent)' | m4
echo 'included' > /tmp/x.m4
echo 'include(x.m4)' | (cd / && m4 -I /tmp)
rm -f /tmp/*
ls -A /tmp

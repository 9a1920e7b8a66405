import type { Command } from "commander";
import type { CircuitAnswer, CircuitRequest, CircuitView } from "../operations/index.js";
import { type ApiOptions, client, timeslots, withApi } from "./options.js";
import { print, printJson, printTable } from "./output.js";

export function addCircuits(program: Command): void {
  const circuits = program
    .command("circuits")
    .description("lists the circuits; takes them out of service, into it, or restarts them");
  addList(circuits);
  addAction(circuits, "block", "<timeslots>", "takes timeslots such as 1,5-7 out of service");
  addAction(circuits, "unblock", "<timeslots>", "takes timeslots into service again");
  addAction(circuits, "restart", "[timeslots]", "restarts timeslots, or the whole interface");
}

function addList(circuits: Command): void {
  withApi(
    circuits
      .command("list", { isDefault: true })
      .description("lists the circuits with their states"),
  ).action(async (options: ApiOptions) => {
    const views = await client(options).read<CircuitView[]>("circuits");
    if (options.json === true) return printJson(views);
    printTable(
      ["trunk group", "span", "timeslot", "state", "blocked", "call"],
      views.map((view) => [
        view.trunkGroup,
        view.span,
        view.timeslot,
        view.state,
        blocked(view),
        view.call,
      ]),
    );
  });
}

/** Who keeps the circuit from the hunt, and why: `here (maintenance)`. */
function blocked({ blocking }: CircuitView): string {
  const sides = { local: "here", remote: "far end" } as const;
  return (["local", "remote"] as const)
    .filter((side) => blocking !== undefined && blocking[side] !== "none")
    .map((side) => `${sides[side]} (${blocking?.[side]})`)
    .join(", ");
}

function addAction(
  circuits: Command,
  action: CircuitRequest["action"],
  which: "<timeslots>" | "[timeslots]",
  description: string,
): void {
  withApi(circuits.command(action).description(description))
    .argument("<span>", "name of the span")
    .argument(which, "timeslots such as 1,5-7", timeslots)
    .action(async (span: string, wanted: number[] | undefined, options: ApiOptions) => {
      const request: CircuitRequest = {
        action,
        span,
        ...(wanted === undefined ? {} : { timeslots: wanted }),
      };
      const answer = await client(options).send<CircuitAnswer>("POST", "circuits", request);
      if (options.json === true) return printJson(answer);
      print(`${action} ${answer.span}/${answer.timeslots.join(",")}: ${answer.said}`);
    });
}

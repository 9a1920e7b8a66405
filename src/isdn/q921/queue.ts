/**
 * A first-in first-out queue that is a value: put and take leave the old one as it was and cost the
 * same however long it is (a list to take from, a chain of what was put since).
 */
export interface Queue<Item> {
  readonly size: number;
  readonly front: readonly Item[];
  readonly taken: number;
  readonly back: Chain<Item> | undefined;
}

interface Chain<Item> {
  readonly item: Item;
  readonly before: Chain<Item> | undefined;
}

export const emptyQueue: Queue<never> = { size: 0, front: [], taken: 0, back: undefined };

export function put<Item>(queue: Queue<Item>, item: Item): Queue<Item> {
  const { size, front, taken, back } = queue;
  return { size: size + 1, front, taken, back: { item, before: back } };
}

/** The oldest item and the queue without it; undefined when there is none. */
export function take<Item>(
  queue: Queue<Item>,
): { readonly item: Item; readonly rest: Queue<Item> } | undefined {
  if (queue.size === 0) return undefined;
  const { front, taken, back } =
    queue.taken < queue.front.length
      ? queue
      : { front: unchain(queue.back), taken: 0, back: undefined };
  const size = queue.size - 1;
  const item = front[taken] as Item;
  return { item, rest: { size, front, taken: taken + 1, back } };
}

function unchain<Item>(chain: Chain<Item> | undefined): readonly Item[] {
  const items: Item[] = [];
  for (let link = chain; link !== undefined; link = link.before) items.push(link.item);
  return items.reverse();
}

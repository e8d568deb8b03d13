import type { Permission } from '../../core/client/index.ts';

/** The layers in the order in which they run. */
export const layerNames = ['contracts', 'property', 'load'] as const;

export type LayerName = (typeof layerNames)[number];

/** The permission that a layer needs at least. */
export const requiredPermissions: Record<LayerName, Permission> = {
  contracts: 'read',
  property: 'read',
  load: 'load',
};

export function isLayerName(name: string): name is LayerName {
  return (layerNames as readonly string[]).includes(name);
}
